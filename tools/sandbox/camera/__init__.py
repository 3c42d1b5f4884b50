"""The sandbox's camera: it reads a prompt and draws the shot as a watchable previz clip."""

from callsheet.tools.sandbox.camera.camera import ShotOrder, Spoil, film

__all__ = ["ShotOrder", "Spoil", "film"]

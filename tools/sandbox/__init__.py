"""The sandbox: a local server of the `/v1/videos` dialect whose camera draws watchable previz clips.

It is the embedded default provider and the test double: it keeps its own durable list of accepted jobs and bills, runs
on an injected clock, and plays faults on request.
"""

from callsheet.tools.sandbox.clock import VirtualClock
from callsheet.tools.sandbox.sandbox import Sandbox
from callsheet.tools.sandbox.server import serve, served
from callsheet.tools.sandbox.settings import SandboxSettings

__all__ = ["Sandbox", "SandboxSettings", "VirtualClock", "serve", "served"]

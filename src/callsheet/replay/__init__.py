"""Record a run with everything it heard from outside, and run the real graph on it again, with no network."""

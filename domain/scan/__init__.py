"""Scanning what came back: what was seen and heard in a take, and whether the order permits it. Pure rules."""

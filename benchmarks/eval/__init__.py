"""How good a crew plans: twenty briefs of different trades, planned, cast and cleared, with nothing bought."""

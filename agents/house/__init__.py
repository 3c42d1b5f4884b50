"""The house planner: proposes a storyboard without a model, from the shot library and the campaign's own words."""

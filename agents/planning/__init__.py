"""From a proposal to a storyboard that holds every rule. Whoever proposed it, the same steps follow."""

"""A telescope, the lab's imagery, and light curves."""

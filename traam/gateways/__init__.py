"""Ring 2: the outside world, one small client each."""

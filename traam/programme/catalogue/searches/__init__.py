"""What readers look for and do not find: counted, without anything that tells who asked."""

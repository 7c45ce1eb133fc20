"""An archive held against what its portal says there is."""

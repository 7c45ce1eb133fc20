"""What a portal is asked beside its pages."""

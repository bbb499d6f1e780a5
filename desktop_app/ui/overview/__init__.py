"""The overview page: what stands where, against the targets."""

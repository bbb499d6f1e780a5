"""Page of packages, devices and the conflict inbox."""

"""What the city promises the network, how far it is, and the proof."""

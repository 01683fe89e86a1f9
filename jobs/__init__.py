"""The door for time and the network: what happens without anybody looking."""

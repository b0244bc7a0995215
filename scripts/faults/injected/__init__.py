"""The faults: `injected(scene)` puts one in while people save, and gives what it measured besides."""

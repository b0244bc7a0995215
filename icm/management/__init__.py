"""Commands that run the installation itself: copies, bringing back, upgrading."""

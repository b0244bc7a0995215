"""What the management commands of all apps share."""

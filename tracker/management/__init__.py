"""The commands of the tracker."""

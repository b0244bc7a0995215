"""The pages of the Summary, one file a journey."""

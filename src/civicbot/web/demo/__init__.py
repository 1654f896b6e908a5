"""A district office's web site that does not exist, to see the widget on: `civicbot demo-site`."""

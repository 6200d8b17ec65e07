"""What measuring costs, on the command line."""

"""The page Race: what its lanes are, how they are set going, and who has won."""

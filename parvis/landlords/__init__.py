"""In whose name you act: landlords, offices, rights."""

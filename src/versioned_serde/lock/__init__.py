"""What a release declares, as small files to be kept with the code and compared with it."""

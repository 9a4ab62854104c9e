"""Rules about protobuf's descriptors, one file each."""

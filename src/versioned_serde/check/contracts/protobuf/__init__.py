"""Contracts in protobuf: .proto files, folders of them, and descriptor sets."""

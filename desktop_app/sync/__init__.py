"""Bundles: packing, checking, taking in and answering, without any network."""

"""The heart: operations, chains, clocks, the fold and the digest; pure, no I/O."""

"""Files that survive: safe writing, folder locks, process hardening; the standard library only.

It knows nothing of enrollment. It raises the product's errors, so it stands on ``domain.errors``
and on nothing else; everything that touches a disk stands on it.
"""

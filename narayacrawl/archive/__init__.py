"""The archive of a portal: segments of JSON Lines and their manifests, written by one run at a time.

May import `items`, `urls`, `language`, `ledger`. Never reads a page or asks the network.
"""

"""Compare ledger and archive with what the portal's sources list, and repair what is missing or damaged.

Here go the checks of an archive, the findings and their repair; printing them is the command's. May import `items`,
`urls`, `language`, `ledger`, `archive`. Only `scrapy audit` imports this room.
"""

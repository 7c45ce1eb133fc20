"""Near duplicates: copies and lightly edited copies among the articles of one or more archives.

    archive → text file → signatures → candidate pairs → compared texts → groups

MinHash proposes which texts may be copies; only those that are compared word by word and sentence by sentence become
members of a group.

Here goes what finds and tells them; reading archives and writing files is the exporters' and the archive's. May import
`language`, `archive`, `exporters`, `extensions`. Only `scrapy duplicates` and code of a cluster import this room.
"""

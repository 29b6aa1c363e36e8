"""The demo network's maker, sample workbooks and what they are made from."""

"""Thinks: words in, quotes out. Pure; knows no database, no network, no Telegram and no clock."""

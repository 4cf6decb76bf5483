"""Lives in the world: clock, sockets, Telegram, files. The only package that wires the others together."""

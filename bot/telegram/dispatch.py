"""One update, given to the callbacks registered for it, with every failure handed to the caller.

The library's own `process_update` swallows what a callback raises; an update that failed would look settled.
"""

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.telegram.context import App, Context
from storage.values import InboxUpdate


async def dispatch(app: App, stored: InboxUpdate) -> Context:
    """Call the first callback of each group that wants the update; what it raises comes out here."""
    update = Update.de_json(stored.payload, app.bot)
    context = Context.from_update(update, app)
    context.stored = stored
    for registered in list(app.handlers.values()):
        for callback in registered:
            check = callback.check_update(update)
            if check is None or check is False:
                continue
            try:
                await callback.handle_update(update, app, check, context)
            except ApplicationHandlerStop:
                return context
            break
    return context

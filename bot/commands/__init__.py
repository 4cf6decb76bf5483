"""What a reader can say, a file each; `register` gives the library its callbacks."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.telegram.context import App, Context
from storage import outbox
from storage.values import OutboxDraft


def register(app: App) -> None:
    """Give the application every callback."""
    app.add_handler(MessageHandler(filters.TEXT, _echo))


async def _echo(update: Update, context: Context) -> None:
    message = update.effective_message
    assert message is not None
    words = message.text or ""
    draft = OutboxDraft(
        key=f"echo:{context.room.bot_id}:{update.update_id}",
        bot_id=context.room.bot_id,
        chat_id=message.chat_id,
        html=words,
        plain=words,
        reply_to=message.message_id,
    )
    async with context.room.store.writing() as session:
        await outbox.put(session, draft, now=context.now())
        await context.settle(session)
    context.room.wake()

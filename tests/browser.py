"""A real Chromium, headless, and what its screen shows."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, async_playwright, expect

from tests.waiting import DEADLINE_SECONDS

expect.set_options(timeout=DEADLINE_SECONDS * 1000)  # what is expected comes at once, but not on a busy machine

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: Of the pixels of a colour: how many lie within the boxes, how many without, and how many the boxes have in all.
_COUNT = """async ({png, colour, boxes}) => {
  const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const { data } = pen.getImageData(0, 0, picture.width, picture.height);
  const inside = new Uint8Array(picture.width * picture.height);
  for (const [left, top, right, bottom] of boxes)
    for (let y = Math.max(0, top - 2); y < Math.min(picture.height, bottom + 2); y += 1)
      inside.fill(1, y * picture.width + Math.max(0, left - 2), y * picture.width + Math.min(picture.width, right + 2));
  let within = 0, without = 0;
  for (let i = 0; i < inside.length; i += 1)
    if (data[4 * i] === colour[0] && data[4 * i + 1] === colour[1] && data[4 * i + 2] === colour[2])
      inside[i] ? within += 1 : without += 1;
  return [within, without, inside.reduce((sum, one) => sum + one, 0)];
}"""

Box = list[int]


@asynccontextmanager
async def browsing(chromium: str, folder: Path, **options: Any) -> AsyncIterator[BrowserContext]:
    """A browser with a new profile in `folder`; `options` are playwright's own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium, args=ARGUMENTS, timezone_id="UTC", locale="en-GB", **options
        )
        try:
            yield browser
        finally:
            await browser.close()


async def colour_counts(page: Page, colour: tuple[int, int, int], boxes: list[Box], eye: Page) -> tuple[int, int, int]:
    """Pixels of a colour within the boxes and without, and the boxes' own pixels; `eye` is a page to look with."""
    png = base64.b64encode(await page.screenshot()).decode()
    within, without, area = await eye.evaluate(_COUNT, {"png": png, "colour": list(colour), "boxes": boxes})
    return int(within), int(without), int(area)

"""A person signed in by the page itself, and the picture of what is then played."""

import base64
from datetime import datetime

from playwright.sync_api import Browser, Page

from accounts.demo import PASSWORD
from scripts.bench.browsers import WAITS
from scripts.pictures import png
from scripts.pictures.scenes import Scene

WIDTH, HEIGHT = 1280, 900

# The browser reads its own picture: Python alone has no reader of PNG.
PIXELS = """async (png) => {
  const answer = await fetch(`data:image/png;base64,${png}`);
  const image = await createImageBitmap(await answer.blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const reader = new FileReader();
  reader.readAsDataURL(new Blob([data]));
  await new Promise((done) => { reader.onload = done; });
  return reader.result.split(",")[1];
}"""


def taken(browser: Browser, site: str, scene: Scene, moment: datetime) -> bytes:
    """The picture of a scene as a PNG; the browser's clock stands where the server's does."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.set_default_timeout(WAITS)
    context.clock.set_fixed_time(moment)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(scene.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    scene.play(page)
    picture = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return png.packed(_pixels(browser.new_page(), picture), WIDTH)


def _pixels(page: Page, picture: bytes) -> bytes:
    """The pixels of a PNG, four bytes each; the page is an empty one, which no policy of ours binds."""
    pixels = base64.b64decode(page.evaluate(PIXELS, base64.b64encode(picture).decode()))
    page.close()
    return pixels

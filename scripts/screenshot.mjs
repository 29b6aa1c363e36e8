// Write a picture of a page as one person sees it:
//   scripts/screenshot.py LOGIN PAGE WIDTH FILE
// which calls: node screenshot.mjs BASE_URL LOGIN PASSWORD PAGE WIDTH FILE
// LOGIN "-" is a visitor who is not logged in. The whole page is taken; console errors
// and what is wider than the screen are told, since a picture does not show them.
import {createRequire} from "node:module";

// The cache folder's node_modules, which lies outside the checkout.
const require = createRequire(`${process.env.NODE_MODULES}/`);
const {chromium} = require("playwright-core");
const [base, login, password, page_path, width, file] = process.argv.slice(2);

const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
});

async function logIn(page) {
    await page.goto(`${base}/web/login`);
    await page.fill("input[name=login]", login);
    await page.fill("input[name=password]", password);
    await Promise.all([
        page.waitForURL((url) => !url.pathname.startsWith("/web/login")),
        page.press("input[name=password]", "Enter"),
    ]);
}

try {
    const page = await browser.newPage({
        viewport: {width: Number(width), height: Number(width) < 600 ? 740 : 900},
        locale: process.env.LOCALE || "fr-FR",
    });
    if (login !== "-") {
        await logIn(page);
    }
    page.on("console", (message) => {
        if (message.type() === "error") {
            console.log(`console error: ${message.text()}`);
        }
    });
    page.on("pageerror", (error) => console.log(`page error: ${error.message}`));
    const answer = await page.goto(base + page_path, {waitUntil: "load"});
    await page.waitForLoadState("networkidle", {timeout: 4000}).catch(() => null);
    if (process.env.CLICK) {
        await page.click(process.env.CLICK);
        await page.waitForTimeout(800);
    }
    const content = await page.evaluate(() => document.documentElement.scrollWidth);
    if (content > Number(width)) {
        console.log(`the page is ${content} px wide on a ${width} px screen`);
    }
    // An Odoo page scrolls inside #wrapwrap: make the screen as high as what it holds.
    const height = await page.evaluate(() => {
        const inner = document.querySelector("#wrapwrap") || document.documentElement;
        return Math.min(inner.scrollHeight, 12000);
    });
    const viewport = page.viewportSize();
    if (!process.env.FOLD && height > viewport.height) {
        await page.setViewportSize({width: viewport.width, height});
    }
    await page.screenshot({path: file, fullPage: !process.env.FOLD});
    console.log(`${answer.status()} ${page.url()} -> ${file}`);
} finally {
    await browser.close();
}

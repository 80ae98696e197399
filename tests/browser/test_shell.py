from browsing import Opened
from playwright.sync_api import expect


def test_the_page_says_which_study_it_shows(opened: Opened) -> None:
    opened.goto()
    expect(opened.page.get_by_role("link", name="small")).to_be_visible()

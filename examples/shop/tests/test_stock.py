from shop.errors import OutOfStock
from shop.repositories import Stock


def test_nothing_is_taken_from_an_empty_shelf():
    try:
        Stock().take("mug")
    except OutOfStock:
        return
    raise AssertionError("took a mug from an empty shelf")

from giftshop.gallery import gallery
from tests.redemption.codes.qr_reader import read_svg


def test_its_qr_is_no_gift(rf):
    page = gallery(rf.get("/design/")).content.decode()
    assert read_svg(page) == "Not a gift, only a picture of one"

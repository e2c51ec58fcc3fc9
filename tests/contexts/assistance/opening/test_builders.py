from tests.assisting import accepted


def test_x(quetzal):
    one = accepted(quetzal)
    print(one.__dict__)
    two = accepted(quetzal, account="hogar_del_sur", priority="programmed")
    print(two.__dict__)

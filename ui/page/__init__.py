"""The parts of the page: each module renders or wires one of them."""

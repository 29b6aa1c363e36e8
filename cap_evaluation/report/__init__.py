from . import photographie

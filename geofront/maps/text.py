"""The one door for text on its way into a folium map.

folium renders twice, and the second time it takes the text of features for
a Jinja template, executed in Python; in the browser the same text is HTML
within a JavaScript template literal.  Names come from downloaded files, so
all of it has to be closed at once.  This is for folium's sinks only.
"""

import html
import re

__all__ = ["escape"]

_TEMPLATE = str.maketrans({c: f"&#{ord(c)};" for c in "`{}$\\"})
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def escape(text: object) -> str:
    """Text that reads in a map as it was written, and does nothing else.

    Parameters
    ----------
    text : object
        Anything; its ``str`` is taken.

    Returns
    -------
    str
        HTML without tags, template marks or control characters.

    Examples
    --------
    >>> escape("{{7*7}} & <b>")
    '&#123;&#123;7*7&#125;&#125; &amp; &lt;b&gt;'
    """
    printable = _UNPRINTABLE.sub(" ", str(text))
    return html.escape(printable, quote=True).translate(_TEMPLATE)

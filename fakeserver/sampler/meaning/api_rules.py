"""Rules for string properties of HTTP APIs in general, which OpenAPI documents name by the habits of the web.

They are tried before ``text_rules.RULES`` where no page was read. To teach the fake a new meaning, add a line.
"""

from collections.abc import Mapping, Sequence

from docdouble.schemas.dialects.base import SampleRule

_ORDERS = r".*(order|invoice|booking|reservation|ticket|receipt|claim|case|quote|contract|policy|parcel|shipment).*"
_IMAGES = (
    r"image|img|pic|preview|photo|picture|avatar|logo|icon|thumbnail|thumb|screenshot|banner|cover|favicon|poster"
    r"|portrait"
)
_URL = r"(url|uri|src|href|link)"

API_RULES: Sequence[SampleRule] = (
    SampleRule(rf".*({_IMAGES})( \d+x?)? {_URL}( \w+)?|.*{_URL} ({_IMAGES})|gravatar|avatar|favicon", "image url"),
    SampleRule(rf"{_IMAGES}|{_URL}", "image url", owner=rf".*\b({_IMAGES})s?"),
    SampleRule(r"(.* )?(link|endpoint|web ?hook|callback|hook)( (url|uri))?", "url"),
    SampleRule(r"(tax|vat|org|organi[sz]ation|company) (id|number|no|nr)", "numerify:%########"),
    SampleRule(r"(.* )?(cursor|page token)|pass ?code|otp", "token"),
    SampleRule(r"(idempotency|idempotent) key|nonce|correlation id|request id|trace id|span id", "uuid4"),
    SampleRule(r".*(access|refresh|bearer|csrf|api|auth|session|push|device|reset|secret) (token|key)", "token"),
    SampleRule(
        r"(.* )?(secret|token|password|passphrase|signature|api key|apikey|client secret|cookie|nonce)",
        "token",
    ),
    SampleRule(r"(.* )?(public|private) key|(.* )?certificate|fingerprint|thumbprint", "hex:64"),
    SampleRule(r"(.* )?(sha ?256|checksum|digest|hash|tx hash)", "hex:64"),
    SampleRule(r"(.* )?(sha|sha 1|commit|commit (sha|ref|id|hash)|revision|head sha|etag)", "hex:40"),
    SampleRule(r"(.* )?md ?5( \w+)?", "hex:32"),
    SampleRule(r"iban|.* iban", "iban"),
    SampleRule(r"bic|swift( code)?|bank code", "bank code"),
    SampleRule(r"(bank )?account (number|no)", "numerify:%#########"),
    SampleRule(r"(routing|sort) (number|code)", "numerify:%########"),
    SampleRule(r"(card|credit card|pan)( number)?", "card number"),
    SampleRule(r"(card )?(last ?4|last four)( digits)?", "numerify:####"),
    SampleRule(r"(card )?(cvc|cvv|security code)", "numerify:%##"),
    SampleRule(r"(card )?brand|card type", "card brand", owner=r".*card.*|.*payment.*"),
    SampleRule(r"isbn( ?1[03])?", "book number"),
    SampleRule(r"ean|gtin( \d+)?|upc|barcode|bar code", "article number"),
    SampleRule(
        r"(.* )?sku|article (number|no)|part (number|no)|product code|item (number|code)|mpn",
        "bothify:??-%###",
    ),
    SampleRule(r"asin", "bothify:B0%#?#?###"),
    SampleRule(r"imei", "numerify:35%############"),
    SampleRule(r"vin", "bothify:WV%ZZZ%?Z?W######"),
    SampleRule(r"serial( (number|no))?|serial id", "bothify:SN%######?"),
    SampleRule(r"(.* )?(tracking|waybill|consignment) (number|no|code|id)", "bothify:1Z%??%#%#########"),
    SampleRule(r"(flight|train) (number|no)", "bothify:??%##"),
    SampleRule(r"(licen[sc]e|number) plate|plate( number)?|registration( number)?", "bothify:?? %####"),
    SampleRule(
        r"(.* )?(confirmation|booking|reservation|reference|voucher|coupon|promo|discount)( ref)? (code"
        r"|number|no)",
        "bothify:??%#??",
    ),
    SampleRule(r"(coupon|voucher|promo(tion)?)( code)?", "bothify:SAVE%#"),
    SampleRule(
        r"(invoice|order|case|ticket|receipt|po|purchase order|contract|policy|quote|customer"
        r"|member) (number|no|nr|reference)",
        "numerify:%#####",
    ),
    SampleRule(r"number|no|nr|reference|ref", "numerify:%#####", owner=_ORDERS),
    SampleRule(r"(.* )(number|no|nr)", "numerify:%#####"),
    SampleRule(r"(.* )?key", "id"),
    SampleRule(r".* position", "quantity"),
    SampleRule(r"(.* )?(reference|ref) ?(number|no|id)?", "bothify:??-%####"),
    SampleRule(r"(.* )?(etag|checksum)", "hex:32"),
    SampleRule(r"(.* )?user ?agent", "user agent"),
    SampleRule(r"(.* )?(api )?version|semver|release", "semantic version"),
    SampleRule(
        r"(.* )?(http )?(method|verb)",
        "http method",
        owner=r".*(request|webhook|log|hook|link|route|endpoint|http|call).*",
    ),
    SampleRule(r"http method", "http method"),
    SampleRule(r"payment (method|type)( type)?", "payment method"),
    SampleRule(r"method", "payment method", owner=r".*payment.*"),
    SampleRule(r"rel|relation", "link relation"),
    SampleRule(
        r"(.* )?(branch|base ref|head ref)",
        "git branch",
        owner=r".*(repo|git|build|deploy|commit|pull|merge|site|source|project|settings|workflow|pipeline"
        r"|codespace).*",
    ),
    SampleRule(r"(default|repo|git|base|head|target|source|deploy) branch", "git branch"),
    SampleRule(r"repo(sitory)?( (name|path|slug))?", "repository"),
    SampleRule(r"(.* )?(file ?path|path ?name)|path", "file path"),
    SampleRule(r"(.* )?(dir|directory|folder)( path)?", "directory"),
    SampleRule(r"(.* )?(cmd|command)", "command"),
    SampleRule(r"(.* )?cron( expression)?|schedule", "cron"),
    SampleRule(r"framework", "framework"),
    SampleRule(r"(.* )?(env|environment)", "environment"),
    SampleRule(r"(log )?level|severity", "log level"),
    SampleRule(r"event( (type|name))?|topic", "event"),
    SampleRule(r"events", "event"),
    SampleRule(r"scopes?|permissions?", "scope"),
    SampleRule(r"roles?|role name|user type|member type", "role"),
    SampleRule(r"tags?|keywords?|labels?|topics?", "tag"),
    SampleRule(r"(subscription |price |billing )?(plan|tier)( name)?", "plan"),
    SampleRule(r"visibility|privacy", "visibility"),
    SampleRule(r"gender|sex", "gender"),
    SampleRule(r"(.* )?browser( name)?", "browser"),
    SampleRule(r"os|operating system|platform", "operating system"),
    SampleRule(r"(programming )?language", "programming language", owner=r".*(repo|gist|code|snippet|file).*"),
    SampleRule(r"licen[sc]e( (name|id|key))?", "licence"),
    SampleRule(r"weekday|day of week|day name", "weekday"),
    SampleRule(r"month name", "month name"),
    SampleRule(r"protocol|scheme", "protocol"),
    SampleRule(r"(.* )?algorithm|alg", "algorithm"),
    SampleRule(r"(.* )?(error|reason|failure) code", "error code"),
    SampleRule(r"code|error|type", "error code", owner=r".*(error|problem|fault|violation).*"),
    SampleRule(r"symbol|currency symbol", "currency symbol", owner=r".*(currency|money|price).*"),
    SampleRule(r"(utc|gmt|time ?zone|tz) offset", "offset"),
    SampleRule(r"(currency|ccy)( code)?|(.* )?currency( code)?", "currency code"),
    SampleRule(r"(.* )?(country|nation(ality)?|country of .*)", "country"),
    SampleRule(r"(.* )?(country|nationality)( iso)? code|.*country iso.*", "country code"),
    SampleRule(r"(calling|dialing|dial|phone|phone country) code|country code", "numerify:+%#", owner=r".*phone.*"),
    SampleRule(r"(.* )?(post|postal|zip) ?code( \w+)?|(.* )?zip", "zip code"),
    SampleRule(r"(.* )?(state|province|region|prefecture) ?(or )?(province|state|region)? code", "state code"),
    SampleRule(r"state|province", "state", owner=r".*(address|location|place|venue|shipping|billing|store|branch).*"),
    SampleRule(r"(.* )?state province|(.* )?province", "state"),
    SampleRule(r"admin area 1", "state"),
    SampleRule(r"admin area 2|city locality|locality|municipality|suburb|district|(.* )?city( name)?", "city"),
    SampleRule(r"(address )?line ?1|address ?1|street ?1|street( line)?( 1)?", "street"),
    SampleRule(
        r"(address )?(line|address) ?[2-5]|address line ?[2-5]|street( line)? ?[2-5]|apartment|apt|suite"
        r"|unit number",
        "secondary address",
    ),
    SampleRule(r"(street|house|building) (number|no)", "house number"),
    SampleRule(
        r"airport( (code|iata))?|iata( code)?|(origin|destination|departure|arrival) (airport|code)|icao",
        "airport code",
    ),
    SampleRule(
        r"(.* )?(origin|destination|location|place|hometown|birthplace|place of birth|venue city)( name)?",
        "city",
    ),
    SampleRule(r"region|data ?cent(er|re)|(.* )?zone", "state"),
    SampleRule(
        r"(.* )?(company|organi[sz]ation|employer|merchant|seller|vendor|supplier|manufacturer|operator"
        r"|publisher|brand|carrier|bank|tenant|agency|airline|shop|store)( name)?",
        "company",
    ),
    SampleRule(r"business name|legal name|trade name|trading name", "company"),
    SampleRule(
        r"(cardholder|holder|account holder|account owner|passenger|guest|customer|recipient|sender"
        r"|driver|contact|attention|signer|signed by|assignee|reviewer|creator|uploader|author|actor"
        r"|artist|director|coach|player|patient|doctor|student|teacher|beneficiary|owner|host|manager"
        r"|approver|requester|reporter|caller|traveller|traveler|user|full|display|real|preferred"
        r"|legal)( full)? name",
        "full name",
    ),
    SampleRule(
        r"assignee|signer|reviewer|creator|uploader|artist|director|recipient|sender|passenger|driver|attendee"
        r"|speaker|cardholder",
        "full name",
    ),
    SampleRule(
        r"name",
        "full name",
        owner=r".*(person|user|customer|member|guest|passenger|patient|student|teacher|author|driver"
        r"|employee|attendee|recipient|traveller|traveler|profile|creator|artist|player|rider"
        r"|subscriber|contact|cardholder|crew)( \w+)?",
    ),
    SampleRule(
        r"name",
        "company",
        owner=r".*(account|merchant|seller|shop|store|publisher|brand|carrier|tenant|workspace|agency"
        r"|airline|bank|hotel|restaurant)",
    ),
    SampleRule(r"name", "city", owner=r".*(city|station|airport|port|location|place|destination|branch office|stop)"),
    SampleRule(r"name", "product", owner=r".*(product|item|line item|sku|variant|article|good|cart item)"),
    SampleRule(r"name", "file", owner=r".*(file|attachment|document|asset|upload|media|blob)"),
    SampleRule(r"name", "tag", owner=r".*(tag|label|topic|keyword)"),
    SampleRule(r"name", "plan", owner=r".*(plan|tier|subscription)"),
    SampleRule(r"name", "role", owner=r".*(role|permission)"),
    SampleRule(r"name", "git branch", owner=r".*branch"),
    SampleRule(r"name", "event", owner=r".*event"),
    SampleRule(r"name", "repository", owner=r".*repo(sitory)?"),
    SampleRule(r"(display |short |long )?(name|label)", "proper name"),
    SampleRule(r"(nick|screen|user|account)( )?name|login|handle", "user name"),
    SampleRule(
        r"((?P<of>.*) )?(phone|mobile|fax|telephone|cell|msisdn|whats ?app)( (number|no))?|national number"
        r"|sms number",
        "phone_number",
    ),
    SampleRule(r"((?P<of>.*) )?(e ?mail|e ?mail address|mailbox)", "person e-mail"),
    SampleRule(r"(.* )?(ip|ip address|ip v4|remote addr(ess)?)", "ipv4"),
    SampleRule(r"(.* )?ip ?v6", "ipv6"),
    SampleRule(r"(.* )?(domain|hostname|host|subdomain)( alias(es)?)?|custom domain", "domain"),
    SampleRule(r"slug|(.* )?(slug|permalink|handle)", "slug"),
    SampleRule(r"(.* )?(weight|mass) unit|weight units?", "weight unit"),
    SampleRule(r"(.* )?(dimension|length|size|distance|height)s? units?", "length unit"),
    SampleRule(r"units?", "weight unit", owner=r".*weight.*"),
    SampleRule(r"units?", "length unit", owner=r".*(dimension|length|size).*"),
    SampleRule(r"size", "size name", owner=r".*(product|variant|item|sku|clothing|shirt).*"),
    SampleRule(r"(.* )?colou?r", "hex_color"),
    SampleRule(r"material|fabric", "material"),
    SampleRule(r"(.* )?icon( name)?", "icon name"),
    SampleRule(
        r"(.* )?(mime|content|media|file) ?type|format",
        "mime_type",
        owner=r".*(file|attachment|asset|upload|media|document|blob|image).*",
    ),
    SampleRule(
        r"(.* )?(opening|closing|check ?in|check ?out|start|end|departure|arrival|pick ?up"
        r"|drop ?off) hours?",
        "time of day",
    ),
    SampleRule(r"opens|closes|opens at|closes at|time of day|local time", "time of day"),
    SampleRule(r"\w+ed by|by", "full name"),
    SampleRule(r"(.* )?file ?name|attachment name", "file"),
    SampleRule(r"born|(.* )?(birth ?date|birth ?day|date of birth|dob)|(.* )?dates?( of .*)?", "day of its name"),
    SampleRule(r"day|week", "day of its name", owner=r".*"),
    SampleRule(
        r"(.* )?(start|end|begin)|last (log ?in|seen|active|activity|visit|used|sign ?in)", "moment of its name"
    ),
    SampleRule(
        r"(.* )?(created|updated|modified|published|deleted|changed|expires|expired|started|ended|finished|completed"
        r"|scheduled|sent|received|paid|closed|opened|seen|processed|occurred|issued|due|valid|registered|accessed)"
        r"( (at|on|time|date|until|from|utc))?|(.* )?(date ?time|time ?stamp|ts|(create|update|start|end|begin|expiry"
        r"|refresh|departure|arrival|event|order|last \w+) time|at)|(valid|available|effective) (from|to|until)",
        "moment of its name",
    ),
    SampleRule(r"(.* )?(amount|price|total|subtotal|sub total|balance|cost|fee|tax|discount|value in .*)", "money"),
    SampleRule(
        r"value",
        "money",
        owner=r".*(money|amount|price|cost|fee|balance|currency|total|discount|tax|shipping).*",
    ),
    SampleRule(r"(.* )?(quantity|qty|count|units)", "quantity"),
    SampleRule(r"(.* )?(percent(age)?|pct)", "percentage"),
    SampleRule(
        r"(order |payment |shipment |delivery |booking |account |subscription |job |build "
        r"|deploy )?(status|state)",
        "lower-case status",
    ),
    SampleRule(r"(.* )?(status|state)", "lower-case status"),
    SampleRule(r"(.* )?(message|msg)s?", "message"),
    SampleRule(r"detail", "message", owner=r".*(error|problem).*"),
    SampleRule(
        r"(short |long |product |meta )?descriptions?|summary|overview|about|bio|biography|abstract",
        "description",
    ),
    SampleRule(r"memo|notes?|comments?|(.* )(notes?|comments?|memo|remarks?|instructions?)", "text"),
    SampleRule(r"terms( and conditions)?|policy|disclaimer", "text"),
    SampleRule(r"greeting|tag ?line|slogan|motto", "description"),
    SampleRule(r"(.* )?(title|headline|subject)", "title"),
)
"""The first rule that fits the whole name is taken, else the first without an owner that fits its end."""

VARIANTS: Mapping[str, tuple[str, ...]] = {
    "country": ("country code", "country long code", "country number", "country in english"),
    "country code": ("country long code", "country", "country number"),
    "currency code": ("currency", "currency symbol"),
    "language code": ("culture", "language tag", "language"),
    "culture": ("language code", "language"),
    "state": ("state code", "city"),
    "state code": ("state",),
    "lower-case status": ("status",),
    "status": ("lower-case status",),
    "hex_color": ("colour name",),
    "moment of its name": ("day of its name", "time of day in seconds", "time of day"),
    "day of its name": ("moment of its name",),
    "time of day": ("time of day in seconds", "moment of its name"),
    "time zone": ("offset",),
    "title": ("short title", "slug"),
    "label": ("word", "slug", "long label"),
    "proper name": ("label", "slug", "word"),
    "product": ("label", "slug", "long label"),
    "description": ("label", "word"),
    "message": ("label", "word"),
    "text": ("label", "word"),
    "full name": ("last name", "first name", "user name", "initials"),
    "first name": ("initials",),
    "last name": ("first name", "initials"),
    "company": ("last name", "slug"),
    "city": ("state", "airport code", "state code"),
    "phone_number": ("numerify:%#########", "numerify:%######", "numerify:+1%#########"),
    "zip code": ("numerify:%####",),
    "money": ("quantity",),
    "image url": ("url",),
    "domain": ("slug",),
    "repository": ("slug",),
    "mime_type": ("extension",),
    "plan": ("label",),
    "role": ("position",),
    "file": ("file path", "label"),
    "event": ("title", "slug"),
    "unit": ("weight unit",),
    "street": ("city",),
    "secondary address": ("house number",),
    "hex:64": ("hex:40", "hex:32", "token"),
    "hex:40": ("hex:64", "hex:32", "token", "semantic version"),
    "token": ("hex:64", "hex:32"),
}
"""Source → other ways to write the same, which are tried where its texts don't fit the schema or look unlike its
example."""

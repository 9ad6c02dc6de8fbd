"""A garage in Flask with flask-smorest: vehicles, their repairs, and mechanics with passwords."""

import os
import uuid
from datetime import UTC, datetime

import marshmallow as ma
from flask import Flask
from flask.views import MethodView
from flask_httpauth import HTTPBasicAuth
from flask_smorest import Api, Blueprint, abort
from flask_smorest.fields import Upload
from werkzeug.security import check_password_hash, generate_password_hash

BUG = os.environ.get("SERVICE_BUG", "")

app = Flask(__name__)
app.config["API_TITLE"] = "Garage"
app.config["API_VERSION"] = "v1"
app.config["OPENAPI_VERSION"] = "3.0.3"
app.config["OPENAPI_URL_PREFIX"] = "/api"

api = Api(app)
api.spec.components.security_scheme("basic", {"type": "http", "scheme": "basic"})
auth = HTTPBasicAuth()
users = {"alice": generate_password_hash("wonderland", method="pbkdf2:sha256:1")}
mechanics = {}
vehicles = {}
repairs = {}


@auth.verify_password
def verify_password(username, password):
    if username in users and check_password_hash(users[username], password):
        return username
    return None


@auth.error_handler
def auth_error(status):
    return {"code": status, "status": "Unauthorized"}, status


def secured(view):
    view = view if BUG == "auth-not-required" and view.__qualname__ == "Vehicles.post" else auth.login_required(view)
    return blp.alt_response(401)(blp.doc(security=[{"basic": []}])(view))


class BoundedRange(ma.validate.Range):
    def __call__(self, value):
        return value if BUG == "invalid-input-accepted" else super().__call__(value)


class MechanicSchema(ma.Schema):
    id = ma.fields.Integer(dump_only=True)
    username = ma.fields.String(required=True, validate=ma.validate.Length(3, 40))
    password = ma.fields.String(required=True, load_only=True, validate=ma.validate.Length(min=8))

    @ma.post_dump(pass_original=True)
    def leak(self, shown, mechanic, **kwargs):
        return shown | {"password": mechanic["password"]} if BUG == "writeonly-leaked" else shown


class VehicleSchema(ma.Schema):
    id = ma.fields.Integer(dump_only=True, required=True)
    plate = ma.fields.String(required=True, validate=ma.validate.Length(1, 12))
    fuel = ma.fields.String(required=True, validate=ma.validate.OneOf(["petrol", "diesel", "electric"]))
    mileage = ma.fields.Integer(required=True, strict=True, validate=BoundedRange(min=0, max=2000000))
    color = ma.fields.String(allow_none=True)
    remarks = ma.fields.String()
    owner = ma.fields.Raw(metadata={"oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}]})
    registered_at = ma.fields.DateTime(dump_only=True, required=True)

    @ma.validates("owner")
    def check_owner(self, value, data_key):
        is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        if not is_number and not (isinstance(value, str) and value):
            raise ma.ValidationError("Not a number or a name.")

    @ma.post_dump
    def break_it(self, shown, **kwargs):
        match BUG:
            case "null-in-excluded-property":
                return shown | {"plate": None}
            case "wrong-type":
                return shown | {"mileage": str(shown["mileage"])}
            case "missing-required-property":
                return {name: value for name, value in shown.items() if name != "mileage"}
            case "undocumented-enum-value":
                return shown | {"fuel": "steam"}
        return shown


class VehicleQuerySchema(ma.Schema):
    fuel = ma.fields.String(validate=ma.validate.OneOf(["petrol", "diesel", "electric"]))
    plate = ma.fields.String()


class RepairSchema(ma.Schema):
    id = ma.fields.UUID(dump_only=True)
    vehicle_id = ma.fields.Integer(dump_only=True)
    title = ma.fields.String(required=True, validate=ma.validate.Length(1, 80))
    cost = ma.fields.Float(required=True, validate=ma.validate.Range(min=0))
    finished_at = ma.fields.AwareDateTime(allow_none=True)


class PhotoSchema(ma.Schema):
    photo = Upload(required=True)


class PhotoInfoSchema(ma.Schema):
    filename = ma.fields.String()
    size = ma.fields.Integer()


blp = Blueprint("garage", "garage", url_prefix="/api", description="The garage")


def entity_of(store, key):
    if key not in store:
        abort(404, message="Not found.")
    return store[key]


@blp.route("/mechanics")
class Mechanics(MethodView):
    @blp.arguments(MechanicSchema)
    @blp.response(201, MechanicSchema)
    @blp.alt_response(409)
    def post(self, data):
        """Hire a mechanic."""
        if any(mechanic["username"] == data["username"] for mechanic in mechanics.values()):
            abort(409, message="The username is taken.")
        mechanic = data | {"id": len(mechanics) + 1}
        mechanics[mechanic["id"]] = mechanic
        return mechanic


@blp.route("/vehicles")
class Vehicles(MethodView):
    @blp.arguments(VehicleQuerySchema, location="query")
    @blp.response(200, VehicleSchema(many=True))
    @blp.paginate()
    def get(self, args, pagination_parameters):
        """List vehicles."""
        plate = args.get("plate", "")
        if BUG == "crash-on-quote-or-percent":
            plate % ()
        rows = [
            vehicle
            for vehicle in vehicles.values()
            if args.get("fuel", vehicle["fuel"]) == vehicle["fuel"] and plate in vehicle["plate"]
        ]
        pagination_parameters.item_count = len(rows)
        if BUG == "page-limit-ignored":
            return rows
        return rows[pagination_parameters.first_item : pagination_parameters.last_item + 1]

    @secured
    @blp.arguments(VehicleSchema)
    @blp.response(201, VehicleSchema)
    def post(self, data):
        """Register a vehicle."""
        if BUG == "crash-on-long-text" and len(data.get("remarks", "")) > 200:
            raise RuntimeError("value too long for type character varying(200)")
        vehicle = data | {"id": max(vehicles, default=0) + 1, "registered_at": datetime.now(UTC)}
        if BUG == "field-lost-on-create" and "color" in vehicle:
            vehicle["color"] = None
        if BUG == "datetime-without-offset":
            vehicle["registered_at"] = datetime.now()
        vehicles[vehicle["id"]] = vehicle
        return (vehicle, 200) if BUG == "wrong-success-status" else vehicle


@blp.route("/vehicles/<int:vehicle_id>")
class VehicleById(MethodView):
    @blp.response(200, VehicleSchema)
    @blp.alt_response(404)
    def get(self, vehicle_id):
        """Show a vehicle."""
        return entity_of(vehicles, vehicle_id)

    @secured
    @blp.arguments(VehicleSchema)
    @blp.response(200, VehicleSchema)
    @blp.alt_response(404)
    def put(self, data, vehicle_id):
        """Replace a vehicle."""
        old = entity_of(vehicles, vehicle_id)
        vehicle = data | {"id": vehicle_id, "registered_at": old["registered_at"]}
        if BUG != "put-not-stored":
            vehicles[vehicle_id] = vehicle
        return vehicle

    @secured
    @blp.response(204)
    @blp.alt_response(404)
    def delete(self, vehicle_id):
        """Remove a vehicle with its repairs."""
        entity_of(vehicles, vehicle_id)
        if BUG == "delete-does-nothing":
            return
        del vehicles[vehicle_id]
        for repair in [repair for repair in repairs.values() if repair["vehicle_id"] == vehicle_id]:
            del repairs[repair["id"]]


@blp.route("/vehicles/<int:vehicle_id>/repairs")
class Repairs(MethodView):
    @blp.response(200, RepairSchema(many=True))
    @blp.alt_response(404)
    def get(self, vehicle_id):
        """List the repairs of a vehicle."""
        entity_of(vehicles, vehicle_id)
        return [repair for repair in repairs.values() if repair["vehicle_id"] == vehicle_id]

    @secured
    @blp.arguments(RepairSchema)
    @blp.response(201, RepairSchema)
    @blp.alt_response(404)
    def post(self, data, vehicle_id):
        """Order a repair."""
        entity_of(vehicles, vehicle_id)
        repair = data | {"id": uuid.uuid4(), "vehicle_id": vehicle_id}
        repairs[repair["id"]] = repair
        return repair


@blp.route("/repairs/<uuid:repair_id>")
class RepairById(MethodView):
    @blp.response(200, RepairSchema)
    @blp.alt_response(404)
    def get(self, repair_id):
        """Show a repair."""
        return entity_of(repairs, repair_id)

    @secured
    @blp.arguments(RepairSchema(partial=True))
    @blp.response(200, RepairSchema)
    @blp.alt_response(404)
    def patch(self, data, repair_id):
        """Change a repair."""
        repairs[repair_id] = entity_of(repairs, repair_id) | data
        return repairs[repair_id]

    @secured
    @blp.response(204)
    @blp.alt_response(404)
    def delete(self, repair_id):
        """Cancel a repair."""
        entity_of(repairs, repair_id)
        del repairs[repair_id]


@blp.route("/vehicles/<int:vehicle_id>/photo")
class VehiclePhoto(MethodView):
    @secured
    @blp.arguments(PhotoSchema, location="files")
    @blp.response(201, PhotoInfoSchema)
    @blp.alt_response(404)
    def post(self, files, vehicle_id):
        """Upload a photo."""
        entity_of(vehicles, vehicle_id)
        photo = files["photo"]
        return {"filename": photo.filename, "size": len(photo.read())}


api.register_blueprint(blp)

"""Locustfile that ``docdouble load`` gives to Locust: users of the contract that the environment names."""

from docdouble.contracts.load.contract_user import contract_run, user_class
from docdouble.contracts.load.load_options import LoadOptions

options = LoadOptions.of_environment()
assert options, "docdouble load starts this"
User = user_class(contract_run(options))

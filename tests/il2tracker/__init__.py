"""Tests of il2tracker."""

"""Printers on USB without a kernel driver, by pyusb (the extra `usb`)."""

from __future__ import annotations

import contextlib
from typing import Any

from .sink import offline
from .wire import CHUNK_BYTES, ROOM_SECONDS

_PRINTER_CLASS = 7
_OUT, _IN, _BULK = 0x00, 0x80, 0x02


class UsbWire:
    """A USB printer by its numbers; `serial` picks one of several ("": the first).

    `backend` is pyusb's way to the bus; None: libusb.
    """

    def __init__(
        self,
        vendor: int,
        product: int,
        serial: str,
        backend: Any = None,
    ) -> None:
        self.can_read = False
        self._wanted = (vendor, product, serial)
        self._backend = backend
        self._device: Any = None
        self._interface = 0
        self._out: Any = None
        self._in: Any = None

    def open(self) -> None:
        try:
            import usb.core
        except ImportError:
            raise offline("usb: needs pyusb, install printer-pi[usb]") from None
        try:
            self._device = self._find(usb.core)
            self._claim(self._device)
        except usb.core.NoBackendError:
            raise offline("usb: needs the library libusb 1.0") from None
        # pyusb's own errors are OSErrors, and a name it may not read a ValueError.
        except (OSError, ValueError) as exc:
            self.close()
            raise offline(f"the USB printer cannot be opened: {exc}") from exc

    def _find(self, core: Any) -> Any:
        vendor, product, serial = self._wanted
        found = core.find(
            find_all=True, backend=self._backend, idVendor=vendor, idProduct=product
        )
        for device in found:
            if not serial or device.serial_number == serial:
                return device
        raise offline(f"no USB printer {vendor:04x}:{product:04x} {serial}".rstrip())

    def _claim(self, device: Any) -> None:
        import usb.util

        interface = self._printer_interface(device)
        self._interface = interface.bInterfaceNumber
        # Not every system has kernel drivers to take it from.
        with contextlib.suppress(NotImplementedError):
            if device.is_kernel_driver_active(self._interface):
                device.detach_kernel_driver(self._interface)
        usb.util.claim_interface(device, self._interface)
        for endpoint in interface:
            if endpoint.bmAttributes & 3 != _BULK:
                continue
            if endpoint.bEndpointAddress & 0x80 == _OUT:
                self._out = endpoint
            elif endpoint.bEndpointAddress & 0x80 == _IN:
                self._in = endpoint
        if self._out is None:
            raise offline("the USB device has no way in for data")
        self.can_read = self._in is not None

    def _printer_interface(self, device: Any) -> Any:
        """The interface of the class printer; else the first: some are vendors' own."""
        interfaces = [i for config in device for i in config]
        for interface in interfaces:
            if interface.bInterfaceClass == _PRINTER_CLASS:
                return interface
        if not interfaces:
            raise offline("the USB device has no interface")
        return interfaces[0]

    def send(self, data: bytes) -> int:
        import usb.core

        try:
            wait = int(ROOM_SECONDS * 1000)
            return int(self._out.write(data[:CHUNK_BYTES], wait))
        except usb.core.USBTimeoutError:
            return 0

    def unsent(self) -> int:
        return 0  # a transfer has ended when its write returns

    def read(self, seconds: float) -> bytes:
        import usb.core

        try:
            wait = max(int(seconds * 1000), 1)
            return bytes(self._in.read(self._in.wMaxPacketSize, wait))
        except usb.core.USBTimeoutError:
            return b""

    def finish(self) -> None:
        self.close()

    def close(self) -> None:
        device, self._device = self._device, None
        self._out = self._in = None
        if device is None:
            return
        import usb.util

        with contextlib.suppress(OSError, NotImplementedError):
            usb.util.release_interface(device, self._interface)
        with contextlib.suppress(OSError, NotImplementedError):
            usb.util.dispose_resources(device)
